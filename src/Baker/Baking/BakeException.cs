namespace Baker.Baking;

/// <summary>No build can begin: what makes images is not there, is too old, or refused what it was given.</summary>
public sealed class BakeException(string message) : Exception(message);
