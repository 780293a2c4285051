"""What makes a row a record: public id, level, version, history, sealed fields, jobs."""
