using Amazon.EC2;
using Amazon.EC2.Model;

namespace Baker.Clouds.Live.Aws.Border;

/// <summary>
/// What EC2 lists, with all of its pages. A page is as large as the API takes; asked for no page at all, EC2 answers slowly in a large
/// account, or not. The vendor's paginators begin anew after a page that was throttled; here that page alone is asked for again.
/// </summary>
internal sealed class AwsPages(IAmazonEC2 ec2, TimeProvider time)
{
    private const int Most = 1000, MostRouteTables = 100, MostVolumes = 500;

    /// <summary>Of one page; then the whole list is asked for again.</summary>
    private const int Tries = 5;

    public async Task<DescribeImagesResponse> ImagesAsync(DescribeImagesRequest request, CancellationToken cancel)
    {
        request.MaxResults = request.ImageIds is { Count: > 0 } ? null : Most;
        return new()
        {
            Images = await AllAsync(next =>
            {
                request.NextToken = next;
                return ec2.DescribeImagesAsync(request, cancel);
            }, p => (p.Images, p.NextToken), cancel),
        };
    }

    public async Task<DescribeInstancesResponse> InstancesAsync(DescribeInstancesRequest request, CancellationToken cancel)
    {
        request.MaxResults = Most;
        return new()
        {
            Reservations = await AllAsync(next =>
            {
                request.NextToken = next;
                return ec2.DescribeInstancesAsync(request, cancel);
            }, p => (p.Reservations, p.NextToken), cancel),
        };
    }

    public async Task<DescribeInternetGatewaysResponse> InternetGatewaysAsync(
        DescribeInternetGatewaysRequest request, CancellationToken cancel)
    {
        request.MaxResults = Most;
        return new()
        {
            InternetGateways = await AllAsync(next =>
            {
                request.NextToken = next;
                return ec2.DescribeInternetGatewaysAsync(request, cancel);
            }, p => (p.InternetGateways, p.NextToken), cancel),
        };
    }

    public async Task<DescribeNatGatewaysResponse> NatGatewaysAsync(DescribeNatGatewaysRequest request, CancellationToken cancel)
    {
        request.MaxResults = Most;
        return new()
        {
            NatGateways = await AllAsync(next =>
            {
                request.NextToken = next;
                return ec2.DescribeNatGatewaysAsync(request, cancel);
            }, p => (p.NatGateways, p.NextToken), cancel),
        };
    }

    public async Task<DescribeNetworkInterfacesResponse> NetworkInterfacesAsync(
        DescribeNetworkInterfacesRequest request, CancellationToken cancel)
    {
        request.MaxResults = Most;
        return new()
        {
            NetworkInterfaces = await AllAsync(next =>
            {
                request.NextToken = next;
                return ec2.DescribeNetworkInterfacesAsync(request, cancel);
            }, p => (p.NetworkInterfaces, p.NextToken), cancel),
        };
    }

    public async Task<DescribeRouteTablesResponse> RouteTablesAsync(DescribeRouteTablesRequest request, CancellationToken cancel)
    {
        request.MaxResults = MostRouteTables;
        return new()
        {
            RouteTables = await AllAsync(next =>
            {
                request.NextToken = next;
                return ec2.DescribeRouteTablesAsync(request, cancel);
            }, p => (p.RouteTables, p.NextToken), cancel),
        };
    }

    public async Task<DescribeSecurityGroupsResponse> SecurityGroupsAsync(DescribeSecurityGroupsRequest request, CancellationToken cancel)
    {
        request.MaxResults = Most;
        return new()
        {
            SecurityGroups = await AllAsync(next =>
            {
                request.NextToken = next;
                return ec2.DescribeSecurityGroupsAsync(request, cancel);
            }, p => (p.SecurityGroups, p.NextToken), cancel),
        };
    }

    public async Task<DescribeSnapshotsResponse> SnapshotsAsync(DescribeSnapshotsRequest request, CancellationToken cancel)
    {
        request.MaxResults = Most;
        return new()
        {
            Snapshots = await AllAsync(next =>
            {
                request.NextToken = next;
                return ec2.DescribeSnapshotsAsync(request, cancel);
            }, p => (p.Snapshots, p.NextToken), cancel),
        };
    }

    public async Task<DescribeSubnetsResponse> SubnetsAsync(DescribeSubnetsRequest request, CancellationToken cancel)
    {
        request.MaxResults = request.SubnetIds is { Count: > 0 } ? null : Most;
        return new()
        {
            Subnets = await AllAsync(next =>
            {
                request.NextToken = next;
                return ec2.DescribeSubnetsAsync(request, cancel);
            }, p => (p.Subnets, p.NextToken), cancel),
        };
    }

    public async Task<DescribeVolumesResponse> VolumesAsync(DescribeVolumesRequest request, CancellationToken cancel)
    {
        request.MaxResults = MostVolumes;
        return new()
        {
            Volumes = await AllAsync(next =>
            {
                request.NextToken = next;
                return ec2.DescribeVolumesAsync(request, cancel);
            }, p => (p.Volumes, p.NextToken), cancel),
        };
    }

    public async Task<DescribeVpcsResponse> VpcsAsync(DescribeVpcsRequest request, CancellationToken cancel)
    {
        request.MaxResults = Most;
        return new()
        {
            Vpcs = await AllAsync(next =>
            {
                request.NextToken = next;
                return ec2.DescribeVpcsAsync(request, cancel);
            }, p => (p.Vpcs, p.NextToken), cancel),
        };
    }

    public async Task<DescribeInstanceTypeOfferingsResponse> InstanceTypeOfferingsAsync(
        DescribeInstanceTypeOfferingsRequest request, CancellationToken cancel)
    {
        request.MaxResults = Most;
        return new()
        {
            InstanceTypeOfferings = await AllAsync(next =>
            {
                request.NextToken = next;
                return ec2.DescribeInstanceTypeOfferingsAsync(request, cancel);
            }, p => (p.InstanceTypeOfferings, p.NextToken), cancel),
        };
    }

    public async Task<DescribeIamInstanceProfileAssociationsResponse> IamInstanceProfileAssociationsAsync(
        DescribeIamInstanceProfileAssociationsRequest request, CancellationToken cancel)
    {
        request.MaxResults = Most;
        return new()
        {
            IamInstanceProfileAssociations = await AllAsync(next =>
            {
                request.NextToken = next;
                return ec2.DescribeIamInstanceProfileAssociationsAsync(request, cancel);
            }, p => (p.IamInstanceProfileAssociations, p.NextToken), cancel),
        };
    }

    public async Task<DescribeCapacityReservationsResponse> CapacityReservationsAsync(
        DescribeCapacityReservationsRequest request, CancellationToken cancel)
    {
        request.MaxResults = Most;
        return new()
        {
            CapacityReservations = await AllAsync(next =>
            {
                request.NextToken = next;
                return ec2.DescribeCapacityReservationsAsync(request, cancel);
            }, p => (p.CapacityReservations, p.NextToken), cancel),
        };
    }

    private async Task<List<T>> AllAsync<TPage, T>(
        Func<string?, Task<TPage>> ask, Func<TPage, (List<T>? Items, string? Next)> read, CancellationToken cancel)
    {
        var (all, next, attempt) = (new List<T>(), (string?)null, 1);
        do
        {
            try
            {
                var (items, after) = read(await ask(next));
                all.AddRange(items ?? []);
                (next, attempt) = (after, 1);
                continue;
            }
            catch (Exception e) when (attempt < Tries && AwsErrors.Class(e) == AwsErrorClass.Throttled)
            {
                // Asked for again.
            }
            await Task.Delay(AwsBorder.Pause(attempt++), time, cancel);
        }
        while (attempt > 1 || !string.IsNullOrEmpty(next));
        return all;
    }
}
