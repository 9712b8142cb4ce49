using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using OrleansGeo.Storage;

namespace OrleansGeo.Tests.Failover;

/// <summary>A store's failure in another silo, as the silo that asked sees it: the store's contract knows nothing of Orleans.</summary>
public sealed class StoreExceptionTests
{
    [Fact]
    public void A_stores_failure_comes_over_the_wire_as_what_it_is()
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();
        var sent = new RegionStoreException(RegionStoreFailure.Corrupt, "Row 5 fails its checksum.");
        var received = Assert.IsType<RegionStoreException>(serializer.Deserialize<Exception>(serializer.SerializeToArray<Exception>(sent)));
        Assert.Equal((sent.Failure, sent.Message), (received.Failure, received.Message));
    }
}
