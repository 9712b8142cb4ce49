using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Messaging;
using OrleansGeo.Runtime.Hosting;
using OrleansGeo.Storage.AzureTables.Membership;

namespace Orleans.Hosting;

/// <summary>
/// Picks an Azure table as a cluster's membership. It has the rows of Orleans' own provider (<c>Microsoft.Orleans.Clustering.AzureStorage</c> 10.4.2), which can
/// therefore take its place, beside it or instead of it, and tools that know those rows can read them.
/// </summary>
public static class AzureTablesMembershipExtensions
{
    /// <summary>
    /// Keeps the membership of this silo's cluster in an Azure table. Options that are wrong stop the start, all problems listed; an account that does not answer, or
    /// refuses, stops it with a <see cref="MembershipTableException"/>.
    /// </summary>
    public static ISiloBuilder UseAzureTablesMembership(this ISiloBuilder builder, Action<AzureTablesMembershipOptions> configure)
    {
        builder.Services.AddMembershipOptions(configure).AddSingleton<IMembershipTable, AzureTablesMembershipTable>();
        return builder;
    }

    /// <summary>
    /// Finds the gateways of the client's cluster in its membership table, again every <c>GatewayOptions.GatewayListRefreshPeriod</c> (Orleans' default: 1 minute).
    /// The client only reads: the role Storage Table Data Reader is enough. While no silo is active, or the table is not there yet, it knows of no gateway.
    /// </summary>
    public static IClientBuilder UseAzureTablesMembership(this IClientBuilder builder, Action<AzureTablesMembershipOptions> configure)
    {
        builder.Services.AddMembershipOptions(configure).AddSingleton<IGatewayListProvider, AzureTablesGatewayListProvider>();
        return builder;
    }

    private static IServiceCollection AddMembershipOptions(this IServiceCollection services, Action<AzureTablesMembershipOptions> configure)
    {
        services.AddOptions<AzureTablesMembershipOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AzureTablesMembershipOptions>, AzureTablesMembershipOptionsValidator>());
        return services;
    }
}
