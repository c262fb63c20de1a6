using Baker.Clouds.Facts.Google;
using Baker.Clouds.Live.Google.Wire;

namespace Baker.Clouds.Live.Google;

/// <summary>Which policies of the organisation would refuse what the spec names.</summary>
/// <param name="root">Of Organization Policy; ends with a slash.</param>
internal sealed class GooglePolicies(GoogleBorder border, GooglePlace place, string root)
{
    public async Task CheckAsync(StackWanted wanted, Findings found, CancellationToken cancel)
    {
        foreach (var question in PolicyQuestion.Of(wanted, place))
        {
            var doing = $"looking at the policy {question.Constraint}";
            var answer = await border.SendAsync(doing, HttpMethod.Get,
                $"{root}v2/{place.Root}/policies/{question.Constraint}:getEffectivePolicy", null, GoogleJson.Default.OrgPolicy, cancel);
            if (answer.Refusal is { IsMissing: true })
                continue;
            if (answer.Refusal is { } refusal)
            {
                // Who may not look at one may look at none.
                found.Unchecked.Add($"the organisation's policies ({refusal.Text}); with roles/orgpolicy.policyViewer they are looked at");
                return;
            }
            var allows = question.Allows(answer.Value!.Spec?.Rules ?? []);
            if (allows is null)
                found.Unchecked.Add($"whether the organisation's policy constraints/{question.Constraint} allows {question.What}");
            else if (allows is false)
                (question.IsNote ? found.Notes : found.Problems).Add($"the organisation's policy constraints/{question.Constraint} does "
                    + $"not allow {question.What}: {RefusalAdvice.OfConstraint(question.Constraint)}");
        }
    }
}
