using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.House;

/// <summary>docs/security.md claims nothing that no test holds.</summary>
public class SecurityManualTests
{
    [Fact]
    public void Every_claim_names_a_test_that_is_there()
    {
        var rows = ManualTable.AllOf(ManualPage.Read("docs/security.md")).Single(t => t.Columns is ["claim", "test"]).Rows.ToArray();
        Assert.NotEmpty(rows);
        var tests = typeof(SecurityManualTests).Assembly.GetTypes().Where(t => t.IsPublic)
            .SelectMany(t => t.GetMethods().Where(m => m.GetCustomAttributes(typeof(FactAttribute), inherit: true).Length > 0).SelectMany(m => new[] { $"{t.Name}.{m.Name}", $"{t.Name}.*" }))
            .ToHashSet(StringComparer.Ordinal);
        Assert.All(rows, row => Assert.Contains(row[1].Trim('`'), tests));
    }
}
