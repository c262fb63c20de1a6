using System.CommandLine;
using Baker.Stack.Roles;

namespace Baker.Cli;

/// <summary>Options that decide what a launch does, and so what a diff says.</summary>
internal static class LaunchOptions
{
    public static Option<string[]> Replace()
    {
        var option = new Option<string[]>("--replace") { Description = "make this role's machine anew; its data disk stays" };
        option.AcceptOnlyFromAmong([.. RoleCatalog.All.Select(r => r.Name)]);
        return option;
    }

    public static Option<bool> Upgrade() => new("--upgrade")
    {
        Description = "take the newest versions that Baker knows where the spec names none in full",
    };

    public static Option<bool> RiskCapacity() => new("--risk-capacity")
    {
        Description = "stop or replace a machine with a GPU also where no room can be kept for it",
    };

    public static Option<bool> TakeRecord() => new("--take-record")
    {
        Description = "replace the DNS record of GitLab's name also where no launch has made it",
    };

    public static Option<bool> Downgrade() => new("--downgrade")
    {
        Description = "let GitLab go back to the spec's version; its data come back from a backup, by hand",
    };
}
