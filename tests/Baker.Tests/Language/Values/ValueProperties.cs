using System.Net;
using Baker.Language.Shapes;
using Baker.Language.Values;
using CsCheck;
using Xunit;

namespace Baker.Tests.Language.Values;

/// <summary>What is parsed and printed again is what was parsed; and no text, however odd, makes a parser throw.</summary>
public class ValueProperties
{
    private const int Rounds = 5_000;

    private static readonly Gen<string> Word = Gen.String[Gen.Char["abcxyz019"], 1, 8];

    private static readonly Gen<string> Digest = Gen.String[Gen.Char["0123456789abcdef"], 64, 64].Select(d => "sha256:" + d);

    private static readonly Gen<string> Host = Gen.Select(Word, Word, Gen.OneOf("com", "internal", "test")).Select((a, b, c) => $"{a}-{b}.{c}");

    private static readonly Gen<string> Port = Gen.Int[1, 65_535].Select(p => $":{p}");

    // What people and programs really write, and the characters that grammars are made of.
    private static readonly Gen<string> Nonsense = Gen.OneOf(
        Gen.String[0, 40], Gen.String[Gen.Char[":/@.[]{}#?%&=*!|>'\"\\ \t\n0aA-_ü"], 0, 60],
        Gen.OneOf("", " ", "null", "0", "-1", "::1", "1.2.3", "http://", "https://[::1%25eth0]/", "a@b@c", "\0", "١٢٣"));

    private static readonly SortedDictionary<string, TextFormat> All = new(StringComparer.Ordinal)
    {
        ["address"] = Ipv4.AddressFormat,
        ["network"] = Ipv4.NetworkFormat,
        ["model"] = ModelName.Format,
        ["image"] = ImageRef.Format,
        ["url"] = WebUrl.Format,
        ["pem"] = Pem.Format,
        ["e-mail"] = TextFormats.Email,
        ["stack"] = TextFormats.StackName,
        ["version"] = TextFormats.Version,
        ["ssh key"] = TextFormats.SshKey,
        ["keep-alive"] = KeepAliveTime.Format,
        ["user"] = TextFormats.UserName,
    };

    public static TheoryData<string> Formats => [.. All.Keys];

    [Theory, MemberData(nameof(Formats))]
    public void No_text_makes_a_format_throw(string name) =>
        Nonsense.Sample(text => All[name].Problem(text) is null or { Length: > 0 }, iter: Rounds);

    [Fact]
    public void A_host_name_is_one_to_the_framework_too() =>
        Nonsense.Sample(text => !HostName.IsValid(text) || Uri.CheckHostName(text) is UriHostNameType.Dns or UriHostNameType.IPv4, iter: Rounds);

    [Fact]
    public void Addresses_survive_numbers() => Gen.UInt.Sample(number =>
        Ipv4.TryAddress(Ipv4.Address(number).ToString(), out var address) && Ipv4.Number(address) == number, iter: Rounds);

    [Fact]
    public void Networks_survive_text() => Gen.Select(Gen.UInt, Gen.Int[0, 32]).Sample((number, prefix) =>
    {
        var network = new IPNetwork(Ipv4.Address(prefix == 0 ? 0 : number & (uint.MaxValue << (32 - prefix))), prefix);
        return Ipv4.TryNetwork(network.ToString(), out var read) && read.Equals(network)
            && Ipv4.Last(network) - Ipv4.Number(network.BaseAddress) + 1UL == Ipv4.Size(network);
    }, iter: Rounds);

    [Fact]
    public void A_network_with_bits_after_its_length_is_told_the_one_that_was_meant() => Gen.Select(Gen.UInt, Gen.Int[1, 31]).Sample((number, prefix) =>
    {
        var hint = Ipv4.NetworkFormat.Problem($"{Ipv4.Address(number | 1)}/{prefix}");
        return hint is not null && Ipv4.TryNetwork(hint[(hint.LastIndexOf(' ') + 1)..], out _);
    }, iter: Rounds);

    [Fact]
    public void Models_survive_text() => Gen.Select(
        Gen.OneOf(Gen.Const(""), Gen.Select(Host, Port).Select((h, p) => $"{h}{p}/x/"), Word.Select(w => w + "/")),
        Word, Gen.OneOf(Gen.Const(""), Word.Select(t => ":" + t)), Gen.OneOf(Gen.Const(""), Digest.Select(d => "@" + d)))
        .Sample((place, name, tag, digest) =>
        {
            var text = place + name + tag + digest;
            var model = ModelName.Parse(text);
            var whole = place + name + (tag.Length == 0 ? ":latest" : tag);
            return ModelName.Format.Problem(text) is null && model.Name == whole && model.ToString() == whole + digest
                && ModelName.Parse(model.ToString()) == model && model.Tag == whole[(whole.LastIndexOf(':') + 1)..];
        }, iter: Rounds);

    [Fact]
    public void Images_survive_text() => Gen.Select(
        Gen.OneOf(Gen.Const(""), Gen.Select(Host, Port).Select((h, p) => $"{h}{p}/"), Gen.Const("localhost/")),
        Gen.Select(Word, Word).Select((a, b) => $"{a}/{b}"), Word, Gen.OneOf(Gen.Const(""), Digest.Select(d => "@" + d)))
        .Sample((registry, name, tag, digest) =>
        {
            var text = $"{registry}{name}:{tag}{digest}";
            var image = ImageRef.Parse(text);
            return ImageRef.Format.Problem(text) is null && image.ToString() == text && image.Tag == tag && image.Name == name
                && (image.Registry ?? "") == registry.TrimEnd('/');
        }, iter: Rounds);

    [Fact]
    public void URLs_that_are_taken_are_URLs() => Gen.Select(Gen.OneOf("http", "https"), Host, Gen.OneOf(Gen.Const(""), Port), Word)
        .Sample((scheme, host, port, path) => WebUrl.Format.Problem($"{scheme}://{host}{port}/{path}") is null
            && new Uri($"{scheme}://{host}{port}/{path}").Host == host && HostName.IsValid(host), iter: Rounds);

    [Fact]
    public void Logins_are_found_in_front_of_every_host() => Gen.Select(Word, Gen.String[Gen.Char["abc019/#?%! "], 0, 12], Host)
        .Sample((user, password, host) => UserInfo.Find($"https://{user}:x{password}@{host}/path"), iter: Rounds);

    [Fact]
    public void No_login_is_seen_where_none_is() => Gen.Select(Host, Gen.OneOf(Gen.Const(""), Port), Word, Digest)
        .Sample((host, port, word, digest) => !UserInfo.Find($"https://{host}{port}/{word}/@{word}") && !UserInfo.Find($"{word}:x@{host}")
            && !UserInfo.FindBare($"{host}{port}/{word}:{word}@{digest}") && !UserInfo.FindBare($"{word}:{word}@{digest}")
            && !UserInfo.FindBare($"{host}{port}/{word}"), iter: Rounds);
}
