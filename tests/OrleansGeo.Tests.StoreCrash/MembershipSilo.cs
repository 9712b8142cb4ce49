using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;
using OrleansGeo.Storage.AzureTables.Membership;

namespace OrleansGeo.Tests.StoreCrash;

/// <summary>A plain silo whose membership is in an Azure table, with impatient members: in the tests' process, or in one of its own that can be killed.</summary>
public static class MembershipSilo
{
    public static IHost Build(string connectionString, string cluster, int siloPort, int gatewayPort)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleans(silo => silo
            .UseAzureTablesMembership(table => table.ConnectionString = connectionString)
            .Configure<ClusterOptions>(options => options.ClusterId = cluster)
            .ConfigureEndpoints("127.0.0.1", siloPort, gatewayPort)
            .Configure<ClusterMembershipOptions>(static options =>
            {
                options.ProbeTimeout = TimeSpan.FromMilliseconds(500);
                options.NumMissedProbesLimit = 3;
                options.NumVotesForDeathDeclaration = 1;
                options.TableRefreshTimeout = TimeSpan.FromSeconds(1);
                options.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(1);
            }));
        return builder.Build();
    }
}
