"""The example project over HTTP, as its front ends call it; the front end's own is built before."""

import io
import json
import re
import urllib.error
import urllib.request

from django.contrib.auth import get_user_model
from django.contrib.staticfiles.testing import StaticLiveServerTestCase
from django.core.management import call_command
from django.test import override_settings


@override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
class FlowTests(StaticLiveServerTestCase):
    """The screens, the admin, and the calls of both seeds."""

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

    def read(self, path):
        with urllib.request.urlopen(self.live_server_url + path) as response:
            return response.read().decode()

    def test_each_screen_is_the_front_end_with_all_that_it_loads(self):
        for path in ("/", "/devices", "/theft", "/staff", "/seeds"):
            with self.subTest(path):
                files = re.findall(r'(?:src|href)="(/[^"]+)"', self.read(path))
                self.assertEqual({file.rpartition(".")[2] for file in files}, {"js", "css"})
                self.assertTrue(all(self.read(file) for file in files))

    def test_what_is_no_screen_is_not_found(self):
        self.assertEqual(self.client.get("/nothing").status_code, 404)

    def test_the_pages_are_told_who_may_try_them_in_development_alone(self):
        # Both settings are what DEBUG decides; a test runs without it.
        with override_settings(DEBUG=True):
            status, told = self.send("GET", "/api/demo/")
        self.assertEqual((status, told["reuse_grace"]), (200, 5))
        for name, field in (("/api/login", "username"), ("/api/signin", "email")):
            credentials = {each: told["user"][each] for each in (field, "password")}
            self.assertEqual(self.send("POST", name, credentials)[0], 200)

        self.assertIsNone(self.send("GET", "/api/demo/")[1]["user"])

    def test_what_is_for_staff_refuses_others_and_lets_staff_in(self):
        answers = {}
        for name in ("demo", "admin"):
            user = get_user_model().objects.get_or_create(username=name)[0]
            user.is_staff = name == "admin"
            user.set_password("demo-password")
            user.save()
            tokens = self.send(
                "POST", "/api/login", {"username": name, "password": "demo-password"}
            )
            header = {"Authorization": f"Bearer {tokens[1]['access']}"}
            answers[name] = self.send("GET", "/api/staff", **header)

        self.assertEqual(answers["demo"][0], 403)
        self.assertEqual(answers["admin"], (200, {"sessions": 2}))

    def test_the_admin_lists_the_sessions(self):
        self.send("POST", "/api/login", {"username": "demo", "password": "demo-password"})
        admin = get_user_model().objects.create_superuser("root", "root@example.com")
        self.client.force_login(admin)

        page = self.client.get("/admin/jwt_signin/session/")

        self.assertContains(page, "demo")
        self.assertEqual(page.context["cl"].result_count, 1)

    def test_a_password_that_is_changed_in_the_admin_ends_sessions(self):
        credentials = {"username": "demo", "password": "demo-password"}
        tokens = self.send("POST", "/api/login", credentials)[1]
        user = get_user_model().objects.get(username="demo")
        self.client.force_login(
            get_user_model().objects.create_superuser("root", "root@example.com")
        )

        new = {"usable_password": "true", "password1": "another-word", "password2": "another-word"}
        saved = self.client.post(f"/admin/web/user/{user.pk}/password/", new)
        self.assertEqual(saved.status_code, 302)

        header = {"Authorization": f"Bearer {tokens['access']}"}
        status, answer = self.send("GET", "/api/protected-endpoint", **header)
        self.assertEqual((status, answer["reason"]), (401, "password_changed"))

    def test_each_user_is_made_once_and_the_one_of_the_admin_in_development_alone(self):
        names = get_user_model().objects.order_by("username").values_list("username", flat=True)
        self.assertEqual([*names.all()], ["demo"])

        for _time in range(2):
            with override_settings(DEBUG=True):
                call_command("create_demo_user", stdout=io.StringIO())

        self.assertEqual([*names.all()], ["admin", "demo"])
