using Xunit;

namespace Baker.Tests.Judges;

/// <summary>User-data that every judge must refuse: a judge that never does is no judge.</summary>
public sealed class BadUserData : TheoryData<string, string>
{
    public const string Misspelt = "#cloud-config\nwirte_files: []\nruncmd:\n- [/bin/true]\n";

    public const string Deprecated = "#cloud-config\napt_update: true\nruncmd:\n- [/bin/true]\n";

    public const string WrongInside = "#cloud-config\nwrite_files:\n- path: /etc/x\n  permission: '0600'\n  content: x\n";

    public BadUserData()
    {
        Add("wirte_files", Misspelt);
        Add("apt_update", Deprecated);
        Add("permission", WrongInside);
    }
}
