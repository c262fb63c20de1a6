using Baker.Clouds.Facts;
using Baker.Clouds.Facts.Aws;
using Baker.Clouds.Facts.Google;
using Baker.Clouds.Facts.Local;
using Baker.Clouds.Live.Aws;
using Baker.Clouds.Live.Aws.Border;
using Baker.Clouds.Live.Google;
using Baker.Clouds.Live.Local;

namespace Baker.Clouds.Live;

/// <summary>From the user's choice to a cloud that can be told; one line each.</summary>
public static class CloudDoor
{
    /// <exception cref="CloudException">The credentials or tools that this cloud needs are not there.</exception>
    public static ICloud Open(CloudSpec spec, Surroundings surroundings) => spec switch
    {
        AwsSpec aws => new AwsCloud(aws, AwsClients.Open(aws, surroundings), surroundings),
        GoogleSpec google => GoogleCloud.Open(google, surroundings),
        LocalSpec local => new LocalCloud(local, surroundings),
        _ => throw new CloudException(CloudFailure.Refused, $"opening {spec.Facts.Title}", "this version cannot launch there yet"),
    };
}
