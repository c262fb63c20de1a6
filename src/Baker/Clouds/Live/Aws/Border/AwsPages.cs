using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.Runtime;

namespace Baker.Clouds.Live.Aws.Border;

/// <summary>
/// What EC2 lists, with all of its pages. A page is as large as the API takes; asked for no page at all, EC2 answers slowly in a large account, or
/// not.
/// </summary>
internal sealed class AwsPages(IAmazonEC2 ec2)
{
    private const int Most = 1000, MostRouteTables = 100, MostVolumes = 500;

    public async Task<DescribeImagesResponse> ImagesAsync(DescribeImagesRequest request, CancellationToken cancel)
    {
        (request.NextToken, request.MaxResults) = (null, request.ImageIds is { Count: > 0 } ? null : Most);
        return new() { Images = await AllAsync(ec2.Paginators.DescribeImages(request).Responses, p => p.Images, cancel) };
    }

    public async Task<DescribeInstancesResponse> InstancesAsync(DescribeInstancesRequest request, CancellationToken cancel)
    {
        (request.NextToken, request.MaxResults) = (null, Most);
        return new() { Reservations = await AllAsync(ec2.Paginators.DescribeInstances(request).Responses, p => p.Reservations, cancel) };
    }

    public async Task<DescribeInternetGatewaysResponse> InternetGatewaysAsync(DescribeInternetGatewaysRequest request, CancellationToken cancel)
    {
        (request.NextToken, request.MaxResults) = (null, Most);
        return new() { InternetGateways = await AllAsync(ec2.Paginators.DescribeInternetGateways(request).Responses, p => p.InternetGateways, cancel) };
    }

    public async Task<DescribeNatGatewaysResponse> NatGatewaysAsync(DescribeNatGatewaysRequest request, CancellationToken cancel)
    {
        (request.NextToken, request.MaxResults) = (null, Most);
        return new() { NatGateways = await AllAsync(ec2.Paginators.DescribeNatGateways(request).Responses, p => p.NatGateways, cancel) };
    }

    public async Task<DescribeNetworkInterfacesResponse> NetworkInterfacesAsync(DescribeNetworkInterfacesRequest request, CancellationToken cancel)
    {
        (request.NextToken, request.MaxResults) = (null, Most);
        return new() { NetworkInterfaces = await AllAsync(ec2.Paginators.DescribeNetworkInterfaces(request).Responses, p => p.NetworkInterfaces, cancel) };
    }

    public async Task<DescribeRouteTablesResponse> RouteTablesAsync(DescribeRouteTablesRequest request, CancellationToken cancel)
    {
        (request.NextToken, request.MaxResults) = (null, MostRouteTables);
        return new() { RouteTables = await AllAsync(ec2.Paginators.DescribeRouteTables(request).Responses, p => p.RouteTables, cancel) };
    }

    public async Task<DescribeSecurityGroupsResponse> SecurityGroupsAsync(DescribeSecurityGroupsRequest request, CancellationToken cancel)
    {
        (request.NextToken, request.MaxResults) = (null, Most);
        return new() { SecurityGroups = await AllAsync(ec2.Paginators.DescribeSecurityGroups(request).Responses, p => p.SecurityGroups, cancel) };
    }

    public async Task<DescribeSnapshotsResponse> SnapshotsAsync(DescribeSnapshotsRequest request, CancellationToken cancel)
    {
        (request.NextToken, request.MaxResults) = (null, Most);
        return new() { Snapshots = await AllAsync(ec2.Paginators.DescribeSnapshots(request).Responses, p => p.Snapshots, cancel) };
    }

    public async Task<DescribeSubnetsResponse> SubnetsAsync(DescribeSubnetsRequest request, CancellationToken cancel)
    {
        (request.NextToken, request.MaxResults) = (null, request.SubnetIds is { Count: > 0 } ? null : Most);
        return new() { Subnets = await AllAsync(ec2.Paginators.DescribeSubnets(request).Responses, p => p.Subnets, cancel) };
    }

    public async Task<DescribeVolumesResponse> VolumesAsync(DescribeVolumesRequest request, CancellationToken cancel)
    {
        (request.NextToken, request.MaxResults) = (null, MostVolumes);
        return new() { Volumes = await AllAsync(ec2.Paginators.DescribeVolumes(request).Responses, p => p.Volumes, cancel) };
    }

    public async Task<DescribeVpcsResponse> VpcsAsync(DescribeVpcsRequest request, CancellationToken cancel)
    {
        (request.NextToken, request.MaxResults) = (null, Most);
        return new() { Vpcs = await AllAsync(ec2.Paginators.DescribeVpcs(request).Responses, p => p.Vpcs, cancel) };
    }

    public async Task<DescribeInstanceTypeOfferingsResponse> InstanceTypeOfferingsAsync(DescribeInstanceTypeOfferingsRequest request, CancellationToken cancel)
    {
        (request.NextToken, request.MaxResults) = (null, Most);
        return new() { InstanceTypeOfferings = await AllAsync(ec2.Paginators.DescribeInstanceTypeOfferings(request).Responses, p => p.InstanceTypeOfferings, cancel) };
    }

    public async Task<DescribeIamInstanceProfileAssociationsResponse> IamInstanceProfileAssociationsAsync(DescribeIamInstanceProfileAssociationsRequest request, CancellationToken cancel)
    {
        (request.NextToken, request.MaxResults) = (null, Most);
        return new() { IamInstanceProfileAssociations = await AllAsync(ec2.Paginators.DescribeIamInstanceProfileAssociations(request).Responses, p => p.IamInstanceProfileAssociations, cancel) };
    }

    private static async Task<List<T>> AllAsync<TPage, T>(
        IPaginatedEnumerable<TPage> pages, Func<TPage, List<T>?> items, CancellationToken cancel)
    {
        var all = new List<T>();
        await foreach (var page in pages.WithCancellation(cancel))
            all.AddRange(items(page) ?? []);
        return all;
    }
}
