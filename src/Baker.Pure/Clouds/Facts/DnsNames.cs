namespace Baker.Clouds.Facts;

/// <summary>Names of records that a launch makes.</summary>
public static class DnsNames
{
    /// <summary>Where the TXT record stands that says whose the record of a name is.</summary>
    public static string Mark(string host) => $"_baker.{host}";
}
