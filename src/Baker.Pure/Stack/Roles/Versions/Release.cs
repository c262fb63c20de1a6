using System.Globalization;

namespace Baker.Stack.Roles.Versions;

/// <summary>A version of GitLab or of the gateway.</summary>
public readonly record struct Release(int Major, int Minor, int Patch) : IComparable<Release>
{
    /// <summary><c>19.4</c> of 19.4.8.</summary>
    public string Line => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}");

    /// <param name="text">Three numbers, or a minor alone, which is its first patch.</param>
    public static Release Parse(string text)
    {
        var parts = text.Split('.');
        return new Release(Number(parts[0]), Number(parts[1]), parts.Length > 2 ? Number(parts[2]) : 0);
    }

    /// <summary>Compares minors: patches do not count.</summary>
    public int CompareLine(Release other) => (Major, Minor).CompareTo((other.Major, other.Minor));

    public int CompareTo(Release other) => (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}.{Patch}");

    public static bool operator <(Release left, Release right) => left.CompareTo(right) < 0;

    public static bool operator >(Release left, Release right) => left.CompareTo(right) > 0;

    public static bool operator <=(Release left, Release right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Release left, Release right) => left.CompareTo(right) >= 0;

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
