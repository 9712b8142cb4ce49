using Microsoft.Extensions.DependencyInjection;
using Orleans.Metadata;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Serialization.Invocation;
using OrleansGeo.Runtime.Filters;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Routing;

/// <summary>What incoming filters see and can change when the gate runs them.</summary>
[Collection(WorldCollection.Name)]
public sealed class GateFilterTests(WorldFixture fixture)
{
    private readonly IServiceProvider _services = fixture.World.Regions.First().Services.First();
    private readonly List<string> _seen = [];

    [Fact]
    public async Task Filters_run_in_their_order_around_the_method_and_the_classes_own_last()
    {
        var response = await RunAsync(
            new Filtered(_seen), "quiet", Filter(async context =>
            {
                _seen.Add($"first {context.InterfaceName.Split('.')[^1]}.{context.MethodName} by {context.ImplementationMethod.DeclaringType!.Name} for {context.SourceId}");
                await context.Invoke();
                _seen.Add($"first {context.Result}");
            }), Filter(async context =>
            {
                _seen.Add("second");
                await context.Invoke();
                context.Result = (int)context.Result! + 1;
            }));
        Assert.Equal(8, response.GetResult<int>());
        Assert.Equal(["first IFiltered.Do by Filtered for test.caller/me", "second", "own Do", "method quiet", "first 8"], _seen);
    }

    [Fact]
    public async Task A_filter_changes_arguments()
    {
        await RunAsync(new Filtered(_seen), "quiet", Filter(async context =>
        {
            context.Request.SetArgument(0, "changed");
            await context.Invoke();
        }));
        Assert.Contains("method changed", _seen);
    }

    [Fact]
    public async Task A_filter_sees_and_replaces_exceptions()
    {
        var response = await RunAsync(new Filtered(_seen), "throw", Filter(async static context =>
        {
            try
            {
                await context.Invoke();
            }
            catch (InvalidTimeZoneException exception)
            {
                throw new InvalidOperationException("replaced", exception);
            }
        }));
        Assert.Equal("replaced", Assert.IsType<InvalidOperationException>(response.Exception).Message);

        var answered = await RunAsync(new Filtered(_seen), "throw", Filter(async static context =>
        {
            try
            {
                await context.Invoke();
            }
            catch (InvalidTimeZoneException)
            {
                context.Result = 42;
            }
        }));
        Assert.Equal(42, answered.GetResult<int>());
    }

    [Fact]
    public async Task A_filter_that_neither_goes_on_nor_answers_is_named()
    {
        var response = await RunAsync(new Filtered(_seen), "quiet", Filter(static _ => Task.CompletedTask));
        Assert.Contains(nameof(DelegateFilter), Assert.IsType<InvalidOperationException>(response.Exception).Message, StringComparison.Ordinal);
        Assert.DoesNotContain("method quiet", _seen);
    }

    [Fact]
    public void The_hosts_filters_are_found_whenever_they_were_added()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IIncomingGrainCallFilter>(Filter(static _ => Task.CompletedTask));
        CallFilters filters = null!;
        services.AddSingleton(provider => filters = new(services, provider));
        services.AddSingleton<IEnumerable<IIncomingGrainCallFilter>>([]);
        services.AddSingleton(_seen);
        services.AddSingleton<IIncomingGrainCallFilter, Filtered>();
        using var provider = services.BuildServiceProvider();
        Assert.Equal([typeof(DelegateFilter), typeof(Filtered)], provider.GetRequiredService<CallFilters>().Incoming.Select(static filter => filter.GetType()));
        Assert.Same(filters.Incoming[1], filters.Incoming[1]);
        Assert.Empty(filters.Outgoing);
    }

    private static DelegateFilter Filter(Func<IIncomingGrainCallContext, Task> invoke) => new(invoke);

    private async Task<Response> RunAsync(Filtered target, string text, params IIncomingGrainCallFilter[] filters)
    {
        var reference = (GrainReference)_services.GetRequiredService<IGrainFactory>().GetGrain<IFiltered>("filtered");
        var request = CapturedCall.Of<IFiltered>(_services, reference, proxy => proxy.Do(text)).Request;
        request.SetTarget(new Holder(target));
        var registered = new ServiceCollection();
        foreach (var filter in filters)
        {
            registered.AddSingleton(filter);
        }

        var gate = new GateFilters(
            new(registered, _services), _services.GetRequiredService<GrainInterfaceTypeResolver>(), _services.GetRequiredService<DeepCopier<Response>>());
        return await gate.InvokeAsync(request, target, null!, GrainId.Create("test.caller", "me"));
    }

    private sealed class DelegateFilter(Func<IIncomingGrainCallContext, Task> invoke) : IIncomingGrainCallFilter
    {
        public Task Invoke(IIncomingGrainCallContext context) => invoke(context);
    }

    private sealed class Holder(object target) : ITargetHolder
    {
        public object? GetTarget() => target;

        public object? GetComponent(Type componentType) => null;
    }
}
