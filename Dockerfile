FROM python:3.13-slim

# Not root, and a number that file owners outside can be given (the mounted secrets are its own).
RUN useradd --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin parley

WORKDIR /app
COPY requirements/run.txt requirements/run.txt
RUN python -m venv /opt/parley \
    && /opt/parley/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements/run.txt

ENV PATH=/opt/parley/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=config.settings.production \
    PARLEY_STATIC_ROOT=/opt/parley/static \
    PARLEY_VAR=/tmp

COPY . .
# Once, at build: every file that pages load, with its digest in its name. Nothing told here lasts
# beyond this step or opens anything.
RUN PARLEY_SECRET_KEY="collecting static files signs nothing, so any 50 characters do" \
    PARLEY_KEK_FILE=/dev/null PARLEY_ALLOWED_HOSTS=localhost \
    PARLEY_DATABASE_URL=postgresql://none@localhost/none PARLEY_REDIS_URL=redis://localhost/0 \
    python manage.py collectstatic --noinput --verbosity 0 \
    && python -m compileall -q .

USER parley
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", "--no-control-socket", "--worker-tmp-dir", "/dev/shm"]
