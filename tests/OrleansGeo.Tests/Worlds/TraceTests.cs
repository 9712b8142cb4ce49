using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using OrleansGeo.Operations;

namespace OrleansGeo.Tests.Worlds;

/// <summary>A recorded request is one trace through every part that it meets.</summary>
[Collection(WorldCollection.Name)]
public sealed class TraceTests(WorldFixture fixture)
{
    [Fact]
    public async Task A_write_is_one_trace_from_its_caller_to_what_the_other_regions_apply()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var source = new ActivitySource("test.request");
        using var listener = new ActivityListener
        {
            ShouldListenTo = heard => heard.Name is "OrleansGeo.Calls" or "test.request",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);

        var caller = fixture.World.Regions.First();
        var (key, home) = KeyElsewhere(caller);
        ActivityTraceId trace;
        using (var request = source.StartActivity("request")!)
        {
            trace = request.TraceId;
            await caller.Grains.GetGrain<ICart>(key).Add("book", 1);
        }

        string[] applied = [.. fixture.World.Regions.Select(static region => region.Region.Name).Where(region => region != home).Order()];
        await Wait.UntilAsync("both other regions have applied it", () => Task.FromResult(RegionsOf("orleansgeo.apply").SequenceEqual(applied)));
        await Wait.UntilAsync("the home has stored it", () => Task.FromResult(OfTrace().Any(static span => span.OperationName == "orleansgeo.append")));
        Assert.Contains(home, RegionsOf("orleansgeo.gate"));
        Assert.Contains(OfTrace(), span => span.OperationName == "orleansgeo.attempt" && Equals(span.GetTagItem("orleansgeo.to"), home));
        Assert.Contains(OfTrace(), static span => span.OperationName == "orleansgeo.route");

        // Each hangs on another one of them: nothing is beside the trace.
        var ids = OfTrace().Select(static span => span.SpanId).ToHashSet();
        Assert.All(OfTrace().Where(static span => span.OperationName != "request"), span => Assert.Contains(span.ParentSpanId, ids));

        IEnumerable<Activity> OfTrace() => spans.Where(span => span.TraceId == trace);

        IEnumerable<string> RegionsOf(string name) => OfTrace().Where(span => span.OperationName == name).Select(static span => (string)span.GetTagItem("orleansgeo.region")!).Distinct().Order();
    }

    private static (string Key, string Home) KeyElsewhere(OrleansGeo.Testing.GeoTestRegion caller)
    {
        var world = caller.Services.Last().GetRequiredService<IGeoWorld>();
        for (var i = 0; ; i++)
        {
            var home = world.Locate(((GrainReference)caller.Grains.GetGrain<ICart>($"traced-{i}")).GrainId)!.Value.Home.Region;
            if (home != caller.Region)
            {
                return ($"traced-{i}", home.Name);
            }
        }
    }
}
