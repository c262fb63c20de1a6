using System.Text.Json;
using System.Xml;
using Amazon.Runtime;

namespace Baker.Clouds.Live.Aws.Border;

/// <summary>An answer that is not the service's own, such as a page of a proxy under status 200.</summary>
internal sealed class AwsForeignAnswerException() : AmazonClientException("the answer is not one of AWS")
{
    /// <summary>True for whatever the vendor's clients make of such an answer.</summary>
    public static bool Is(Exception e) => e is AwsForeignAnswerException or XmlException or JsonException
        or FormatException or OverflowException or AmazonServiceException { ErrorCode: null or "" };
}
