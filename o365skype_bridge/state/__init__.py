"""What is kept between runs: results, report files, the token, the calls made, and locks."""
