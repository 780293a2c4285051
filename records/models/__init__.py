from records.models.jobs import Job
from records.models.keys import DataKey
from records.models.records import GuardedRecord, Record
from records.models.versions import RecordVersion

__all__ = ["DataKey", "GuardedRecord", "Job", "Record", "RecordVersion"]
