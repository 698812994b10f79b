"""The example project over HTTP, as its front ends call it."""

import io
import json
import urllib.error
import urllib.request

from django.core.management import call_command
from django.test import LiveServerTestCase


class FlowTests(LiveServerTestCase):
    """The page, and the calls of both seeds."""

    def setUp(self):
        call_command("create_demo_user", stdout=io.StringIO())

    def send(self, method, path, body=None, **headers):
        """Send one request; answer with the status and what the JSON holds."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", **headers}
        request = urllib.request.Request(self.live_server_url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request) as response:
                return response.status, json.loads(response.read() or "null")
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read())

    def test_the_first_seed(self):
        credentials = {"username": "demo", "password": "demo-password"}
        status, tokens = self.send("POST", "/api/login", credentials)
        self.assertEqual((status, set(tokens)), (200, {"refresh", "access"}))

        header = {"Authorization": f"Bearer {tokens['access']}"}
        status, answer = self.send("GET", "/api/protected-endpoint", **header)
        self.assertEqual((status, answer["hello"]), (200, "demo"))

        wrong = self.send("POST", "/api/login", {**credentials, "password": "no"})
        self.assertEqual(wrong, (401, {"error": "Invalid Credentials"}))

    def test_the_second_seed(self):
        credentials = {"email": "demo@example.com", "password": "demo-password"}
        korean = {"Accept-Language": "ko"}
        status, answer = self.send("POST", "/api/signin", credentials, **korean)
        self.assertEqual((status, answer.pop("message")), (200, "로그인 성공"))
        self.assertEqual(set(answer), {"access_token", "refresh_token"})

        wrong = {**credentials, "password": "no"}
        refused = self.send("POST", "/api/signin", wrong, **korean)
        sentence = "이메일 또는 비밀번호가 올바르지 않습니다"
        self.assertEqual(refused, (400, {"error": sentence}))

        body = {"refresh_token": answer["refresh_token"]}
        status, answer = self.send("POST", "/api/signin/refresh", body)
        self.assertEqual((status, set(answer)), (200, {"access_token", "refresh_token"}))

    def test_the_document_is_whole_and_its_page_asks_nobody_else(self):
        written = io.StringIO()
        call_command("spectacular", "--fail-on-warn", "--validate", stdout=written)
        self.assertIn("/api/signin/refresh", written.getvalue())

        with urllib.request.urlopen(self.live_server_url + "/api/docs/") as response:
            page = response.read().decode()
        self.assertIn("swagger-ui", page)
        self.assertNotIn("https://", page)

    def test_the_dialog_of_the_page_signs_in(self):
        form = "grant_type=password&username=demo@example.com&password=demo-password"
        url = self.live_server_url + "/api/token/"
        with urllib.request.urlopen(url, form.encode()) as response:
            tokens = json.load(response)

        header = {"Authorization": f"{tokens['token_type']} {tokens['access_token']}"}
        status, answer = self.send("GET", "/api/protected-endpoint", **header)
        self.assertEqual((status, answer["hello"]), (200, "demo"))

    def test_the_page_is_there(self):
        with urllib.request.urlopen(self.live_server_url) as response:
            self.assertIn(b"sign-in", response.read())

    def test_the_demo_user_is_made_once(self):
        call_command("create_demo_user", stdout=io.StringIO())
