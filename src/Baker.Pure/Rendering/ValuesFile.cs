using System.Text;
using Baker.Stack.Roles;

namespace Baker.Rendering;

/// <summary>
/// The file through which values reach the machine scripts: one shell assignment per value and nothing else, so that whatever
/// splits a line into shell words reads it as a shell does (Ruby's Shellwords, Python's shlex). Neither of them knows comments.
/// </summary>
public static class ValuesFile
{
    public static string Write(IEnumerable<VmValue> values)
    {
        var text = new StringBuilder();
        foreach (var value in values)
            text.Append(value.Name).Append('=').Append(Quoting.Shell(value.Value)).Append('\n');
        return text.ToString();
    }
}
