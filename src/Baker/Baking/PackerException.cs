namespace Baker.Baking;

/// <summary>Packer is not there, is too old, or refused what it was given before a build began.</summary>
public sealed class PackerException(string message) : Exception(message);
