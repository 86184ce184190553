# Runs the scenarios of check.mjs with one SDK from PyPI: sdk_check.py openai|groq BASE_URL KEY POOR_KEY. Prints a JSON line for
# each: what the SDK's user sees, and how long it took. Each begins when a line comes in.
import importlib
import json
import sys
import time

name, base_url, api_key, poor_key = sys.argv[1:5]
module = importlib.import_module(name)
Client = module.OpenAI if name == "openai" else module.Groq

messages = [{"role": "user", "content": "Say a word."}]
ask = {"model": "check-open", "messages": messages, "max_tokens": 5}
scenarios = {
    "plain": (ask, api_key),
    "stream": ({**ask, "stream": True}, api_key),
    "minute": ({**ask, "model": "check-minute"}, api_key),
    "day": ({**ask, "model": "check-day"}, api_key),
    "large": ({**ask, "model": "check-large", "max_tokens": 5000}, api_key),
    "spend": (ask, poor_key),
}


def seen_by(client, asked):
    try:
        answer = client.chat.completions.create(**asked)
        if not asked.get("stream"):
            return {"status": 200, "text": answer.choices[0].message.content}
        parts = [c.choices[0].delta.content or "" for c in answer if c.choices]
        return {"status": 200, "text": "".join(parts)}
    except module.APIStatusError as error:
        body = error.body if isinstance(error.body, dict) else {}
        code = body.get("code") or body.get("error", {}).get("code")
        return {"status": error.status_code, "code": code, "error": type(error).__name__}


for scenario, (asked, key) in scenarios.items():
    headers = {"x-check": f"{name}-py {scenario}"}
    client = Client(base_url=base_url, api_key=key, default_headers=headers)
    sys.stdin.readline()
    started = time.monotonic()
    seen = seen_by(client, asked)
    ms = round((time.monotonic() - started) * 1000)
    print(json.dumps({"scenario": scenario, **seen, "ms": ms}), flush=True)
