using System.Globalization;
using System.Text;
using Amazon.Runtime.Internal.Auth;
using Amazon.Util;

namespace Baker.Tests.Machine;

/// <summary>The AWS SDK's own signer, given the headers of a request that something else has sent.</summary>
internal sealed class SdkSignature : AWS4Signer
{
    /// <summary>The header Authorization that the SDK writes for a POST to / with these headers, all of which it signs.</summary>
    public static string Authorization(Uri endpoint, IEnumerable<KeyValuePair<string, string>> headers, string body, string id, string key, string region)
    {
        var sorted = new SortedDictionary<string, string>(headers.ToDictionary(h => h.Key, h => h.Value), StringComparer.Ordinal);
        var names = CanonicalizeHeaderNames(sorted);
        var hash = AWSSDKUtils.ToHex(ComputeHash(Encoding.UTF8.GetBytes(body)), lowercase: true);
        var request = CanonicalizeRequest(endpoint, "/", "POST", sorted, "", hash);
        var at = DateTime.ParseExact(sorted["x-amz-date"], "yyyyMMddTHHmmssZ", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal);
        return ComputeSignature(id, key, region, at, "ssm", names, request).ForAuthorizationHeader;
    }
}
