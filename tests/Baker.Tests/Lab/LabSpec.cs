using System.Text.RegularExpressions;
using Baker.Tests.Support;

namespace Baker.Tests.Lab;

/// <summary>Specs whose mirrors are the lab's servers, and what Baker renders from them.</summary>
public static partial class LabSpec
{
    private const string Sources = """
        mirrors:
          apt: http://mirror.lab.test:8080/debian
          ollama: https://mirror.lab.test:8443/ollama
          models: https://mirror.lab.test:8444
        """;

    /// <summary>Where things come from, and whom to trust.</summary>
    public static string Mirrors(LabMachine machine, string more = "") => $"""
        {Sources}
        {more}  ca: |
        {Indented(machine.Ca, 4)}
        """;

    /// <summary>Without the authority, which <see cref="LabOptions.TrustsServers"/> has put into the image.</summary>
    public static string Aws(LabMachine machine, string ollama = "", string more = "") => $"""
        version: 1
        name: lab
        evaluation: true
        cloud:
          aws: {"{"} region: eu-north-1 {"}"}
        gitlab:
          url: https://gitlab.example.com
          tls: {"{"} letsencrypt: {"{"} email: ops@example.com {"}"} {"}"}
          license: {"{"} activation_code: {"{"} aws_parameter: /duo/activation-code {"}"} {"}"}
          instance_profile: duo-gitlab
        ollama:
          machine: m6i.xlarge
          gpu: none
          sha256: {machine.OllamaSum}
        {ollama}{more}{Sources}
        """;

    public static string Google(LabMachine machine, string ollama = "") => $"""
        version: 1
        name: lab
        evaluation: true
        cloud:
          gcp: {"{"} project: my-project, region: europe-west4, zone: europe-west4-a {"}"}
        gitlab:
          url: https://gitlab.example.com
          tls: {"{"} letsencrypt: {"{"} email: ops@example.com {"}"} {"}"}
          license: {"{"} activation_code: {"{"} gcp_secret: activation-code {"}"} {"}"}
          service_account: duo-gitlab@my-project.iam.gserviceaccount.com
        ollama:
          machine: n2-standard-8
          gpu: none
          sha256: {machine.OllamaSum}
        {ollama}{Mirrors(machine)}
        """;

    public static string Local(LabMachine machine, string ollama = "") => $"""
        version: 1
        name: lab
        evaluation: true
        cloud:
          local: {"{"}{"}"}
        gitlab:
          url: https://gitlab.lab.test:8443
          tls: {"{"} private_ca: generate {"}"}
          license: {"{"} file: {"{"} local_file: ./gitlab.license {"}"} {"}"}
        ollama:
          sha256: {machine.OllamaSum}
        {ollama}{Mirrors(machine)}
        """;

    /// <summary>The user-data of one role; what its cloud has no room for as if it had.</summary>
    public static async Task<string> RenderAsync(string spec, string role) => await RenderedAsync(spec, role) is var data && data.Bundle is { } whole ? whole : data.UserData;

    /// <summary>The user-data of one role as its machine gets it, and the bundle that it may name.</summary>
    public static async Task<LabUserData> RenderedAsync(string spec, string role)
    {
        using var folder = new TemporaryFolder();
        folder.File("baker.yaml", spec);
        var run = await BakerRun.InAsync(folder.Path, "", "render", "baker.yaml", "--out", "out");
        if (run.Code != 0)
            throw new InvalidOperationException(run.Error);
        var userData = folder.Read($"out/cloud-init/{role}.yaml");
        if (!File.Exists(Path.Combine(folder.Path, "out", "bundle", $"{role}.yaml")))
            return new LabUserData(userData, null, new Dictionary<string, string>());
        var at = Bundle().Match(userData).Groups[1].Value;
        var parts = Directory.GetFiles(Path.Combine(folder.Path, "out", "bundle", role)).ToDictionary(f => $"{at}/{Path.GetFileName(f)}", File.ReadAllText);
        return new LabUserData(userData, folder.Read($"out/bundle/{role}.yaml"), parts);
    }

    [GeneratedRegex("^    bundle='(.*)'$", RegexOptions.Multiline)]
    private static partial Regex Bundle();

    public static string Indented(string text, int by) => string.Join('\n', text.TrimEnd().Split('\n').Select(l => new string(' ', by) + l));
}

/// <param name="Bundle">As people review it; null: user-data has room.</param>
/// <param name="Parts">Of the bundle, by the names of their parameters.</param>
public sealed record LabUserData(string UserData, string? Bundle, IReadOnlyDictionary<string, string> Parts);
