"""Where reports come from: Microsoft Graph, or a folder of report files."""
