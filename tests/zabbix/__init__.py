"""Real Zabbix servers on loopback, and what is asked of them."""
