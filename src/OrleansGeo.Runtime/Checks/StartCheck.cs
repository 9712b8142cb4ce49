using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace OrleansGeo.Runtime.Checks;

/// <summary>A silo whose configuration or whose geo grains cannot work does not start, and says all that is wrong at once.</summary>
/// <remarks>
/// It looks when it is made, and is the first hosted service: the host makes all before it starts any, and making Orleans' silo makes everything that
/// depends on what is checked here, and would fail with the first problem alone.
/// </remarks>
internal sealed class StartCheck : IHostedService
{
    public StartCheck(IOptions<GrainTypeOptions> types, HostCheck host, IEnumerable<IGrainClassCheck> checks)
    {
        string[] problems = [.. host.Look(), .. InClasses(types.Value.Classes, [.. checks])];
        if (problems.Length > 0)
        {
            throw new GeoException(new(
                GeoErrorCode.InvalidConfiguration,
                $"This silo does not start, for {(problems.Length == 1 ? "this could not work" : $"these {problems.Length} things could not work")}:{string.Concat(problems.Select(static problem => $"\n- {problem}"))}"));
        }
    }

    public static void AddTo(IServiceCollection services)
    {
        services.AddSingleton<HostCheck>();
        services.AddSingleton<IGrainClassCheck, StorageCheck>();
        services.AddSingleton<IGrainClassCheck, StateTypeCheck>();
        services.AddSingleton<IGrainClassCheck, BaseClassCheck>();
        services.AddSingleton<IGrainClassCheck, TransactionCheck>();
        services.AddSingleton<IGrainClassCheck, PlacementCheck>();
        services.AddSingleton<IGrainClassCheck, SubscriptionCheck>();
        services.AddSingleton<IGrainClassCheck, PolicyCheck>();
        services.AddSingleton<IGrainClassCheck, InterleavingCheck>();
        services.Insert(0, ServiceDescriptor.Singleton<IHostedService, StartCheck>());
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static IEnumerable<string> InClasses(IEnumerable<Type> classes, IGrainClassCheck[] checks) =>
        classes.Select(GeoGrainClass.Of).OfType<GeoGrainClass>().OrderBy(static grain => grain.Type.FullName, StringComparer.Ordinal)
            .SelectMany(grain => checks.SelectMany(check => check.Look(grain)).Select(finding => Line(grain, finding)));

    private static string Line(GeoGrainClass grain, Finding finding) => $"{grain.Type.FullName}{(finding.Member is null ? "" : $", {finding.Member}")}: {finding.Text}";
}
