namespace Baker.Tests.Support;

/// <summary>One <c>name = value</c> of a block.</summary>
/// <param name="FirstLine">Counted from 0.</param>
public sealed record HclArgument(string Name, int FirstLine, int LastLine);

/// <summary>A block of HashiCorp's language, such as <c>source "amazon-ebs" "gitlab" { … }</c>.</summary>
public sealed record HclBlock(string Type, IReadOnlyList<string> Labels, int FirstLine, int LastLine, IReadOnlyList<HclArgument> Arguments, IReadOnlyList<HclBlock> Blocks)
{
    /// <summary>This block and all inside it.</summary>
    public IEnumerable<HclBlock> All => Blocks.SelectMany(b => b.All).Prepend(this);
}
