"""Whether a server lets somebody in, `open` or `shut`: `rotations_probe.py postgres|redis PORT PASSWORD`."""

import sys

import psycopg
import redis

server, port, password = sys.argv[1:]
try:
    if server == "postgres":
        where = {"host": "127.0.0.1", "port": int(port), "dbname": "mlflow", "user": "mlflow"}
        psycopg.connect(**where, password=password, connect_timeout=10).close()
    else:
        redis.Redis(port=int(port), password=password).ping()
    print("open")
except (psycopg.OperationalError, redis.AuthenticationError) as refusal:
    if "password" not in str(refusal).lower() and "auth" not in str(refusal).lower():
        raise
    print("shut")
