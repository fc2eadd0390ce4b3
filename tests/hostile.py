"""A journey whose every text tries to be markup, script and direction."""

HOSTILE = (
    "<img src=x onerror=alert(1)> ${alert(1)} </script><script>alert(1)</script> \u202egnp.exe"
)

HOSTILE_DOSSIER = """
format = 1
slug = "hostile"
title = '''TEXT'''
subject = '''TEXT'''
summary = '''TEXT'''

[assumptions.max_speed]
mode = "train"
kmh = 2
reason = '''TEXT'''

[[source]]
id = "one"
publisher = '''TEXT'''
title = '''TEXT'''
published_at = "2023-09-12T05:00+09:00"
reliability = "B"
note = '''TEXT'''

[[source]]
id = "two"
publisher = '''TEXT'''
published_at = "2023-09-12T06:00+09:00"
reliability = "B"

[[sighting]]
id = "left"
source = "one"
attributed_to = '''TEXT'''
subject = "train"
event = "departed"
modality = "reported"
place = "pyongyang"
when = "Sunday afternoon"
credibility = 2
claim = '''TEXT'''

[[sighting]]
id = "came"
source = "two"
subject = "train"
event = "arrived"
modality = "reported"
when = "Monday"
credibility = 2
claim = '''TEXT'''

[sighting.place]
id = "hostile-halt"
name = '''TEXT'''
lon = 127.5
lat = 39.8
country = "KP"
time_zone = "Asia/Pyongyang"
radius_km = 1
""".replace("TEXT", HOSTILE)
