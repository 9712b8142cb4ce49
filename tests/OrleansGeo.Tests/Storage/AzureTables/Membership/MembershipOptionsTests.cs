using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Hosting;
using OrleansGeo.Storage.AzureTables.Membership;

namespace OrleansGeo.Tests.Storage.AzureTables.Membership;

public sealed class MembershipOptionsTests
{
    private const string Emulator = "UseDevelopmentStorage=true";

    [Theory]
    [InlineData("OrleansSiloInstances", 10, "westeurope")]
    [InlineData("abc", 1, "a b:c|ü")]
    [InlineData("A23456789012345678901234567890123456789012345678901234567890123", 100, "x")]
    public void Options_that_Azure_takes_are_taken(string table, int seconds, string cluster) => Assert.True(Validate(new() { ConnectionString = Emulator }, table, seconds, cluster).Succeeded);

    [Theory]
    [InlineData("", 10, "westeurope", "TableName")]
    [InlineData("ab", 10, "westeurope", "TableName")]
    [InlineData("1abc", 10, "westeurope", "TableName")]
    [InlineData("orleans-silos", 10, "westeurope", "TableName")]
    [InlineData("silos\n", 10, "westeurope", "TableName")]
    [InlineData("A234567890123456789012345678901234567890123456789012345678901234", 10, "x", "TableName")]
    [InlineData("silos", 0, "westeurope", "AttemptTimeout")]
    [InlineData("silos", 101, "westeurope", "AttemptTimeout")]
    [InlineData("silos", 10, "west/europe", "ClusterId")]
    [InlineData("silos", 10, "west\u007feurope", "ClusterId")]
    [InlineData("silos", 10, "", "ClusterId")]
    public void Options_that_Azure_refuses_are_refused(string table, int seconds, string cluster, string named) =>
        Assert.Contains(named, Assert.Single(Validate(new() { ConnectionString = Emulator }, table, seconds, cluster).Failures!), StringComparison.Ordinal);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_host_with_wrong_options_does_not_start_and_lists_every_problem(bool silo)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        void Configure(AzureTablesMembershipOptions options)
        {
            options.TableName = "no table";
            options.AttemptTimeout = TimeSpan.Zero;
        }

        if (silo)
        {
            builder.UseOrleans(orleans => orleans.UseAzureTablesMembership(Configure).Configure<ClusterOptions>(static cluster => cluster.ClusterId = "a?b"));
        }
        else
        {
            builder.UseOrleansClient(orleans => orleans.UseAzureTablesMembership(Configure).Configure<ClusterOptions>(static cluster => cluster.ClusterId = "a?b"));
        }

        using var host = builder.Build();
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Equal(4, error.Failures.Count());
    }

    private static ValidateOptionsResult Validate(AzureTablesMembershipOptions options, string table, int seconds, string cluster)
    {
        options.TableName = table;
        options.AttemptTimeout = TimeSpan.FromSeconds(seconds);
        return new AzureTablesMembershipOptionsValidator(Options.Create(new ClusterOptions { ClusterId = cluster })).Validate(null, options);
    }
}
