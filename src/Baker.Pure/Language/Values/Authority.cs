using System.Collections.Immutable;
using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Baker.Language.Values;

/// <summary>
/// A certificate that issues others. Read by hand: what the platform offers for it needs OpenSSL, and a spec is judged without.
/// </summary>
/// <param name="Name">Its common name; empty when it has none.</param>
/// <param name="Lacks">
/// What OpenSSL asks of an authority where it is strict (<c>X509_V_FLAG_X509_STRICT</c>, which Python sets from 3.13 on) and this one does
/// not have.
/// </param>
public sealed record Authority(string Name, ImmutableArray<string> Lacks)
{
    private const string CommonName = "2.5.4.3";
    private const string KeyIdentifier = "2.5.29.14";
    private const string KeyUsage = "2.5.29.15";
    private const string BasicConstraints = "2.5.29.19";

    // RFC 5280, 4.2.1.3.
    private const int KeyCertSign = 5;

    private static readonly Asn1Tag Version = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Extensions = new(TagClass.ContextSpecific, 3);

    /// <summary>Those in the text, in its order. What cannot be read, and what issues nothing, is passed over.</summary>
    public static IEnumerable<Authority> In(string pem)
    {
        for (var rest = pem; PemEncoding.TryFind(rest, out var found); rest = rest[found.Location.End..])
        {
            if (Read(Convert.FromBase64String(rest[found.Base64Data])) is { } authority)
                yield return authority;
        }
    }

    private static Authority? Read(byte[] certificate)
    {
        try
        {
            var body = new AsnReader(certificate, AsnEncodingRules.DER).ReadSequence().ReadSequence();
            if (body.PeekTag().HasSameClassAndValue(Version))
                body.ReadEncodedValue();
            // Serial number, algorithm, issuer, validity; then, behind the subject, its key and two identifiers that nobody uses.
            for (var i = 0; i < 4; i++)
                body.ReadEncodedValue();
            var name = Common(body.ReadSequence());
            while (body.HasData && !body.PeekTag().HasSameClassAndValue(Extensions))
                body.ReadEncodedValue();
            return body.HasData ? Of(name, body.ReadSequence(Extensions).ReadSequence()) : null;
        }
        // The second: a name that is of no kind of text.
        catch (Exception problem) when (problem is AsnContentException or ArgumentException)
        {
            return null;
        }
    }

    private static Authority? Of(string name, AsnReader extensions)
    {
        var (issues, isCritical, maySign, isNamed) = (false, false, false, false);
        while (extensions.HasData)
        {
            var extension = extensions.ReadSequence();
            var id = extension.ReadObjectIdentifier();
            var critical = extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && extension.ReadBoolean();
            var value = new AsnReader(extension.ReadOctetString(), AsnEncodingRules.DER);
            if (id == BasicConstraints)
                (issues, isCritical) = (Issues(value.ReadSequence()), critical);
            else if (id == KeyUsage)
                maySign = value.ReadNamedBitList() is var bits && bits.Length > KeyCertSign && bits[KeyCertSign];
            isNamed |= id == KeyIdentifier;
        }
        if (!issues)
            return null;
        (bool Has, string What)[] asked = [(maySign, "key usage `keyCertSign`"), (isCritical, "basic constraints marked critical"),
            (isNamed, "a subject key identifier")];
        return new Authority(name, [.. asked.Where(a => !a.Has).Select(a => a.What)]);
    }

    private static bool Issues(AsnReader constraints) =>
        constraints.HasData && constraints.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && constraints.ReadBoolean();

    private static string Common(AsnReader subject)
    {
        while (subject.HasData)
        {
            var one = subject.ReadSetOf().ReadSequence();
            if (one.ReadObjectIdentifier() == CommonName)
                return one.ReadCharacterString((UniversalTagNumber)one.PeekTag().TagValue);
        }
        return "";
    }
}
