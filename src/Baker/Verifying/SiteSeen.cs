namespace Baker.Verifying;

/// <summary>What GitLab's address showed to a visitor.</summary>
/// <param name="IsConnected">A TCP connection came about.</param>
/// <param name="Certificate">Null: none was seen.</param>
/// <param name="Status">HTTP status of the sign-in page; null: no answer.</param>
/// <param name="Issuer">The URL that GitLab gives as its own; null: it gave none.</param>
/// <param name="Trouble">Why something is missing above; null: nothing is.</param>
public sealed record SiteSeen(bool IsConnected, CertificateSeen? Certificate, int? Status, string? Issuer, string? Trouble);

/// <param name="Issuer">Who issued it, by name.</param>
/// <param name="Names">What it is for.</param>
/// <param name="FitsHost">It is for the host that was asked.</param>
/// <param name="Distrust">Why its issuer is not trusted; null: it is.</param>
public sealed record CertificateSeen(string Issuer, string Names, DateTimeOffset From, DateTimeOffset Until, bool FitsHost,
    string? Distrust)
{
    /// <summary>It may be told secrets.</summary>
    public bool IsGood(DateTimeOffset now) => FitsHost && Distrust is null && From <= now && now < Until;
}
