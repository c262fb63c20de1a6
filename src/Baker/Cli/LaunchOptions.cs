using System.Collections.Immutable;
using System.CommandLine;
using Baker.Stack.Roles;

namespace Baker.Cli;

/// <summary>What a person has chosen of what a launch does, and so of what a diff says.</summary>
/// <param name="Replace">Roles whose machines may be made anew.</param>
/// <param name="RiskCapacity">A machine may be given up where no room is kept for it.</param>
/// <param name="StoreSecrets">The files and variables that secrets come from are stored over what somebody else has stored.</param>
/// <param name="TakeRecord">Another's DNS record may be replaced.</param>
internal sealed record LaunchChoice(
    ImmutableHashSet<string> Replace, bool Upgrade, bool Downgrade, bool RiskCapacity, bool StoreSecrets, bool TakeRecord);

/// <summary>The options that a launch and a diff have in common.</summary>
internal sealed class LaunchOptions
{
    private readonly Option<string[]> _replace = new("--replace") { Description = "make this role's machine anew; its data disk stays" };

    private readonly Option<bool> _upgrade = new("--upgrade")
    {
        Description = "take the newest versions that Baker knows where the spec names none in full",
    };

    private readonly Option<bool> _downgrade = new("--downgrade")
    {
        Description = "let GitLab go back to the spec's version; its data come back from a backup, by hand",
    };

    private readonly Option<bool> _riskCapacity = new("--risk-capacity")
    {
        Description = "stop or replace a machine with a GPU also where no room can be kept for it",
    };

    private readonly Option<bool> _storeSecrets = new("--store-secrets")
    {
        Description = "store the files and variables that secrets come from also over what somebody else has stored",
    };

    private readonly Option<bool> _takeRecord = new("--take-record")
    {
        Description = "replace the DNS record of GitLab's name also where no launch has made it",
    };

    public LaunchOptions(Command command)
    {
        _replace.AcceptOnlyFromAmong([.. RoleCatalog.All.Select(r => r.Name)]);
        foreach (var option in new Option[] { _replace, _upgrade, _downgrade, _riskCapacity, _storeSecrets, _takeRecord })
            command.Add(option);
    }

    public LaunchChoice Read(ParseResult parsed) => new(
        [.. parsed.GetValue(_replace) ?? []], parsed.GetValue(_upgrade), parsed.GetValue(_downgrade), parsed.GetValue(_riskCapacity),
        parsed.GetValue(_storeSecrets), parsed.GetValue(_takeRecord));
}
