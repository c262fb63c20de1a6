namespace Baker.Clouds.Live;

/// <summary>What a cloud may touch outside the program.</summary>
/// <param name="Variable">An environment variable; null when it is not set.</param>
/// <param name="Directory">What relative paths are relative to.</param>
/// <param name="Say">One line of talk for the user: what takes long, what was decided.</param>
public sealed record Surroundings(Func<string, string?> Variable, TimeProvider Time, string Directory, Action<string> Say)
{
    public string FullPath(string path) => Path.GetFullPath(path, Directory);
}
