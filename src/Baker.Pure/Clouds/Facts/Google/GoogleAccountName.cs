namespace Baker.Clouds.Facts.Google;

/// <summary>
/// The e-mail address of a service account: its name, and the project with its domain behind it (<c>example.com:p</c> is
/// <c>p.example.com</c> there).
/// </summary>
internal static class GoogleAccountName
{
    private const string Ending = ".iam.gserviceaccount.com";

    public static string Of(string project, string name) =>
        $"{name}@{(project.Split(':') is [var domain, var id] ? $"{id}.{domain}" : project)}{Ending}";

    /// <summary>Accounts that Google makes have other domains; these begin with the project as well, or with nothing of it.</summary>
    public static string ProjectOf(string account)
    {
        var host = account.Split('@')[1];
        var parts = (host.EndsWith(Ending, StringComparison.Ordinal) ? host[..^Ending.Length] : host.Split('.')[0]).Split('.', 2);
        return parts is [var id, var domain] ? $"{domain}:{id}" : parts[0];
    }
}
