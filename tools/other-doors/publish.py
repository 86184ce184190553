"""Publishes with OpenMeter's Python client, LiteLLM's OpenMeter callback and the CloudEvents SDK, each unchanged."""

import datetime
import os
import sys

import requests
from cloudevents.http import CloudEvent, to_binary, to_structured
from openmeter import Client
from openmeter.models import Event

url, key, run = sys.argv[1:4]
now = datetime.datetime.now(datetime.timezone.utc)

client = Client(endpoint=url, token=key)
one = {"tokens": 100, "model": "gpt-4o", "type": "input"}
event = Event(id=f"py-1-{run}", source="py", specversion="1.0", type="prompt", subject="customer-1", time=now, data=one)
client.events.ingest_event(event)
batch = [
    Event(id=f"py-{n}-{run}", source="py", specversion="1.0", type="prompt", subject="customer-1", time=now, data=one)
    for n in (2, 3)
]
client.events.ingest_events(batch)
client.events.ingest_events(batch)  # a repeat counts once

os.environ["OPENMETER_API_ENDPOINT"] = url
os.environ["OPENMETER_API_KEY"] = key
import litellm  # noqa: E402  (reads the environment)

litellm.callbacks = []
from litellm.integrations.openmeter import OpenMeterLogger  # noqa: E402

answer = litellm.completion(model="gpt-4o", messages=[{"role": "user", "content": "x"}], mock_response="y")
answer.id = f"chatcmpl-{run}"
answer.usage = litellm.Usage(prompt_tokens=30, completion_tokens=12, total_tokens=42)
OpenMeterLogger().log_success_event({"model": "gpt-4o", "user": "user-1", "response_cost": 0.1}, answer, now, now)

attributes = {"type": "dev.meterbook.usage.v1", "source": "ce-py", "subject": "org_doors", "time": now.isoformat()}
data = {"model": "gpt-4o", "tokens": {"input": 7, "output": 5}}
for n, form in ((1, to_structured), (2, to_binary)):
    headers, body = form(CloudEvent({**attributes, "id": f"ce-py-{n}-{run}", "datacontenttype": "application/json"}, data))
    sent = requests.post(f"{url}/v1/events", data=body, headers={**headers, "authorization": f"Bearer {key}"}, timeout=10)
    assert sent.status_code == 202, sent.text
