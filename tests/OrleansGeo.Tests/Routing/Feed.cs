using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Tests.Grains;

namespace OrleansGeo.Tests.Routing;

[GrainType("test.serial")]
[GeoGrain(Durability.Quorum, AllowInterleavedWrites = true)]
public sealed class Feed(IOptions<GeoOptions> geo) : Grain, IFeed
{
    private readonly Channel<int> _published = Channel.CreateUnbounded<int>();

    public async IAsyncEnumerable<string> Take(int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (i % 7 == 0)
            {
                await Task.Yield();
            }

            yield return $"{i} {geo.Value.Region}";
        }
    }

    public IAsyncEnumerable<string> TakeLocal(int count) => Take(count);

    public async IAsyncEnumerable<int> Follow([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var number in _published.Reader.ReadAllAsync(cancellationToken))
            {
                yield return number;
            }
        }
        finally
        {
            Barriers.Of($"{this.GetPrimaryKeyString()} is followed no more").Arrive();
        }
    }

    public Task Hold() => Barriers.Of($"{this.GetPrimaryKeyString()} is held").PassAsync();

    public Task Publish(int number)
    {
        Assert.True(_published.Writer.TryWrite(number));
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<int> FailAfterOne()
    {
        await Task.Yield();
        yield return 1;
        throw new InvalidTimeZoneException("as asked");
    }
}
