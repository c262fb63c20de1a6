using System.Text;
using Baker.Planning;

namespace Baker.Rendering;

/// <summary>The file through which values reach the machine scripts: one shell assignment per value.</summary>
public static class ValuesFile
{
    public static string Write(IEnumerable<VmValue> values)
    {
        var text = new StringBuilder("# Written by Baker. Values of this VM; no secret is among them.\n");
        foreach (var value in values)
            text.Append(value.Name).Append('=').Append(Quoting.Shell(value.Value)).Append('\n');
        return text.ToString();
    }
}
