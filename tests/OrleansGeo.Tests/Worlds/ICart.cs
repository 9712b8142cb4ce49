using Orleans.Concurrency;

namespace OrleansGeo.Tests.Worlds;

[Alias("test.cart")]
[GrainInterfaceType("test.cart")]
public interface ICart : IGrainWithStringKey
{
    [Alias("add")]
    ValueTask<int> Add(string sku, int quantity);

    [Alias("addtask")]
    Task AddTask(string sku, int quantity, CancellationToken cancellationToken);

    [Alias("clear")]
    Task Clear();

    [Alias("fail")]
    Task<int> AddThenThrow(string sku);

    [ReadOnly]
    [Alias("count")]
    ValueTask<int> Count(string sku);

    [ReadOnly]
    [Alias("writeinread")]
    Task WriteInRead();

    [Alias("observe")]
    Task Observe(ICartObserver observer);
}
