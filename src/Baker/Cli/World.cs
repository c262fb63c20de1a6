namespace Baker.Cli;

/// <summary>Everything outside the program that a command may touch. Tests bring their own.</summary>
/// <param name="Out">Data: what a pipe wants.</param>
/// <param name="Error">Talk: reports, progress, the next command.</param>
/// <param name="Directory">What relative paths are relative to.</param>
/// <param name="UseColor">True when talk goes to a terminal and NO_COLOR is not set.</param>
public sealed record World(TextReader In, TextWriter Out, TextWriter Error, string Directory, bool UseColor)
{
    public string FullPath(string path) => Path.GetFullPath(path, Directory);
}
