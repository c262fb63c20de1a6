using Baker.Tests.Support;
using CsCheck;
using Xunit;

namespace Baker.Tests.Stack;

/// <summary>A secret that was written into a spec is in no report: not in a sentence, not in an excerpt, not in the JSON.</summary>
public class SecretLeakTests
{
    /// <summary>Stands for a secret; with nothing in it that YAML would take for its own.</summary>
    private const string Canary = "Xk7Qw9canary";

    // Each way of writing a spec has one hole for what stands where a secret is kept.
    private static readonly string[] Places =
    [
        "gitlab:\n  root_password: {0}\n", "gitlab:\n  license:\n    activation_code: {0}\n", "gitlab:\n  license: {{ file: {0} }}\n", "gitlab:\n  license: {0}\n",
        "gitlab:\n  tls:\n    certificate:\n      cert: {0}\n      key: {0}\n", "gitlab: {{ tls: {{ certificate: {{ key: {0} }} }} }}\n",
        "gitlab:\n  root_pasword: {0}\n", "gitlab:\n  licence: {{ activation_code: {0} }}\n", "gitlba:\n  root_password: {0}\n", "gitlab:\n  root_password:\n    {0}\n",
        "gitlab:\n  root_password: generate\n  root_password: {0}\n", "gitlab:\n  license:\n    activation_code: {{ aws_parameter: /a }}\n    activation_code: {0}\n",
        "gitlab:\n  root_password: {{ aws_paramter: {0} }}\n", "gitlab:\n  \"root_password\" : {0}\n",
    ];

    private static readonly string[] Forms =
    [
        "{0}", "\"{0}\"", "'{0}'", "{0} # why", "[{0}]", "[[{0}]]", "{{ value: {0} }}", "{{ {0} }}", "{{ {0}: x }}", "{{ aws_parameter: '{0} {0}' }}", "{{ gcp_secret: '{0}/{0}' }}",
        "&a {0}", "*{0}", "!{0}", "!{0} x", "!!str {0}", "&{0} x", "|\n      {0}\n      {0}", ">-\n      {0}", "\"{0}\n      {0}\"", "{0}\n      {0}", "\"\\t{0}\"", "\"{0}", "'{0}", "[{0}", "{{ {0}",
        "@{0}", "`{0}", "%{0}", "{0}: {0}", "{0}: [", "\t{0}", "-----BEGIN PRIVATE KEY-----{0}", "|\n      -----BEGIN RSA PRIVATE KEY-----\n      {0}\n      -----END RSA PRIVATE KEY-----",
    ];

    private static readonly string[] Urls =
    [
        "gitlab:\n  url: {0}\n", "gitlab:\n  tls: {{ letsencrypt: {{ email: a@example.com, directory: '{0}' }} }}\n", "mirrors:\n  proxy: {0}\n", "mirrors: {{ apt: '{0}', ollama: \"{0}\" }}\n",
        "mirrors:\n  gitlab_packages: {0}\n  gitlab_packages_key: {0}\n", "mirrors:\n  models: {0}\n", "mirrors:\n  gateway_registry: {0}\n", "mirrors:\n  proxxy: {0}\n", "mirors:\n  proxy: {0}\n",
        "gateway:\n  image: {0}\n", "ollama:\n  host: {0}\n", "ollama:\n  models: ['{0}']\n", "tags:\n  from: {0}\n", "name: {0}\n", "'{0}': x\n", "tags:\n  '{0}': x\n", "mirrors:\n  proxy: &a {0}\n",
        "mirrors:\n  proxy: {0}\n  proxy: {0}\n", "mirrors:\n  no_proxy: ['{0}']\n", "mirrors:\n  proxy: [\n    {0}\n", "mirrors:\n  - {0}\n", "duo:\n  name: '{0}'\n",
    ];

    private static readonly string[] Logins =
    [
        $"https://me:{Canary}@example.com", $"https://{Canary}@example.com/x", $"http://me:{Canary}@example.com:3128/a?b#c", $"https://me:x/{Canary}@example.com",
        $"https://me:x#{Canary}@example.com", $"https://me:x?{Canary}@example.com", $"https://:{Canary}@10.0.0.1",
    ];

    // What stands around the secret: nothing, a valid spec, and mistakes before, beside and after it.
    private static readonly string[] Around =
    [
        "{0}", "version: 1\nname: duo\ncloud: {{ local: {{}} }}\n{0}", "version: 1\nname: *duo\n{0}x: [\n", "{0}  bad: : indentation\n", "{0} bad\n", "{0}\tbad: 1\n", "? [a]\n: b\n{0}", "{0}---\nb: 1\n",
        "version: 1\nversion: 1\n{0}", "unknown: 1\n{0}unknwon: 2\n", "{0}? x", "name: \"\n{0}",
    ];

    [Fact]
    public void No_literal_secret_is_in_a_report() =>
        Gen.Select(Gen.OneOf(Around), Gen.OneOf(Places), Gen.OneOf(Forms)).Sample(
            (around, place, form) => Assert.Equal("", Leak(Fill(around, Fill(place, Fill(form, Canary))))), iter: 20_000);

    // A section is no place for a secret, but its value may be one; a key there cannot be, for a report must name unknown keys.
    [Theory]
    [InlineData("{0}"), InlineData("[{0}]"), InlineData("{{ value: {0} }}"), InlineData("'{0}'"), InlineData("|\n  {0}")]
    public void No_value_of_a_section_is_in_a_report(string form)
    {
        foreach (var around in Around)
            Assert.Equal("", Leak(Fill(around, Fill("gitlab: {0}\n", Fill(form, Canary)))));
    }

    [Fact]
    public void No_login_of_a_URL_is_in_a_report() =>
        Gen.Select(Gen.OneOf(Around), Gen.OneOf(Urls), Gen.OneOf(Logins)).Sample(
            (around, place, login) => Assert.Equal("", Leak(Fill(around, Fill(place, login)))), iter: 10_000);

    [Theory]
    [InlineData("me:{0}@registry.example.com"), InlineData("me:{0}@registry.example.com:5000/x"), InlineData("me:{0}@10.0.0.1/x")]
    public void No_login_of_a_registry_is_in_a_report(string login)
    {
        foreach (var place in new[] { "mirrors:\n  gateway_registry: {0}\n", "gateway:\n  image: {0}\n", "gateway:\n  image: {0}:latest\n", "gitlab:\n  url: {0}\n", "mirrors:\n  proxy: {0}\n" })
            Assert.Equal("", Leak(Fill(Around[1], Fill(place, Fill(login, Canary)))));
    }

    private static string Fill(string text, string what) => string.Format(text, what);

    private static string Leak(string spec)
    {
        var report = Report.Of(spec);
        Assert.NotEmpty(report.Errors);
        return (report.Text + report.Json).Contains(Canary, StringComparison.Ordinal) ? $"{spec}\n\n{report.Text}\n{report.Json}" : "";
    }
}
