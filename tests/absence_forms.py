"""What a form is sent by which somebody is away, or back."""

import html


def absence(world):
    return {"first": "2026-05-04", "last": "2026-05-08", "deputy": world.person("Theo")}


def since(world, name, page):
    return {"since": html.unescape(world.found(name, page, r'name="since" value="([^"]+)"'))}


def taken_back_absence(world):
    world.visitors["Cora"].post("/account/away", absence(world))
    return "Cora", "/account/back", since(world, "Cora", "/account/away")


def back_of_stan(world):
    about_stan = f"/members/{world.person('Stan')}"
    world.visitors["Thea"].post(f"{about_stan}/away", absence(world))
    return "Thea", f"{about_stan}/back", since(world, "Thea", f"{about_stan}/away")
