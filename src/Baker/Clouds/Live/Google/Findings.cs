namespace Baker.Clouds.Live.Google;

/// <summary>What a look before a launch has found so far.</summary>
internal sealed record Findings
{
    public List<string> Problems { get; } = [];

    public List<string> Unchecked { get; } = [];

    public List<string> Notes { get; } = [];

    public Preflight Told => new([.. Problems], [.. Unchecked], [.. Notes]);
}
