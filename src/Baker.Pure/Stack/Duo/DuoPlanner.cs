using System.Text;
using System.Text.Json;
using Baker.Stack.Roles;
using Baker.Stack.Roles.Gateway;
using Baker.Stack.Roles.GitLab;
using Baker.Stack.Roles.Versions;

namespace Baker.Stack.Duo;

/// <summary>How GitLab is to use the model, and what the GitLab VM is told of it.</summary>
public static class DuoPlanner
{
    public static DuoPlan Plan(StackLayout layout)
    {
        var (duo, model) = (layout.Spec.Duo, layout.Model);
        return new DuoPlan(
            duo.Name ?? $"{model.Model} on {layout.Spec.Cloud.Location}", duo.Family ?? KnownModels.Family(model.Model),
            $"custom_openai/{model.Model}", model.Url,
            duo.Features ?? ["code_completions", "code_generations", "duo_chat"], duo.Seats ?? ["root"],
            duo.OnlySelfHosted ?? true, duo.AcceptTestingTerms, Release.Parse(layout.GitLabVersion) >= GitLabReleases.FirstWired);
    }

    /// <summary>What the scripts read. Where GitLab wants a GraphQL input, that is the value, as JSON.</summary>
    public static IEnumerable<VmValue> Values(StackLayout layout)
    {
        var duo = Plan(layout);
        var terms = !KnownModels.BetaFamilies.Contains(duo.Family) ? "" : duo.AcceptTestingTerms ? "accepted" : "needed";
        return
        [
            VmValue.Configure("duo", Word(duo.IsWired), "gitlab.version"),
            VmValue.Configure("duo_settings", Json(writer =>
            {
                writer.WriteString("aiGatewayUrl", layout.GatewayUrl);
                writer.WriteNumber("aiGatewayTimeoutSeconds", TimeLimits.AnswerSeconds);
                if (!layout.UsesAgentPlatform)
                    return;
                writer.WriteString("duoAgentPlatformServiceUrl", $"{layout.Address(RoleCatalog.Gateway)}:{GatewayRole.AgentPort}");
                writer.WriteBoolean("selfHostedDuoAgentPlatformServiceSecure", false);
            }), "gateway.address duo.features"),
            VmValue.Configure("duo_model", Json(writer =>
            {
                writer.WriteString("name", duo.Name);
                writer.WriteString("model", duo.Family.ToUpperInvariant());
                writer.WriteString("endpoint", duo.Endpoint);
                writer.WriteString("identifier", duo.Identifier);
                // Whatever speaks OpenAI's protocol; the VM leaves it out where GitLab does not know it, before 18.10.
                writer.WriteString("provider", "API");
                writer.WriteString("apiToken", layout.ModelServer.ApiToken);
            }), $"duo.model duo.family duo.name {layout.ModelServer.Name}.models {layout.ModelServer.Name}.address"),
            VmValue.Configure("duo_features", string.Join(' ', duo.Features).ToUpperInvariant(), "duo.features"),
            VmValue.Configure("duo_seats", string.Join(' ', duo.Seats), "duo.seats"),
            VmValue.Configure("duo_only_self_hosted", Word(duo.OnlySelfHosted), "duo.only_self_hosted"),
            VmValue.Configure("duo_terms", terms, "duo.accept_testing_terms duo.family"),
            // GitLab's own check waits 3 seconds, 15 from 19.3 on: too short without a GPU.
            VmValue.Configure("duo_probe", Word(!layout.UsesGpu), $"{layout.ModelServer.Name}.gpu"),
        ];
    }

    private static string Word(bool flag) => flag ? "true" : "false";

    private static string Json(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
