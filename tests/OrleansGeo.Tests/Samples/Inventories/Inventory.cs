using Orleans.Runtime;

namespace OrleansGeo.Tests.Samples.Inventories;

/// <summary>Keeps an index in a field, which it derives from its state when it is activated and then maintains.</summary>
[GrainType("sample.inventory")]
[GeoGrain(Durability.Quorum)]
public sealed class Inventory([PersistentState("products", "geo")] IPersistentState<InventoryState> products) : Grain, IInventory
{
    private readonly Dictionary<string, HashSet<string>> _byCategory = [];

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        foreach (var (product, category) in products.State.CategoryOf)
        {
            Index(product, category);
        }

        return Task.CompletedTask;
    }

    public Task Put(string product, string category)
    {
        Unindex(product);
        products.State.CategoryOf[product] = category;
        Index(product, category);
        return products.WriteStateAsync();
    }

    public async Task<bool> Remove(string product)
    {
        Unindex(product);
        var isRemoved = products.State.CategoryOf.Remove(product);
        await products.WriteStateAsync();
        return isRemoved;
    }

    public Task<InventoryView> Look() => Task.FromResult(new InventoryView(
        Sorted(products.State.CategoryOf.Select(static entry => $"{entry.Value}/{entry.Key}")),
        Sorted(_byCategory.SelectMany(static category => category.Value.Select(product => $"{category.Key}/{product}")))));

    private static string[] Sorted(IEnumerable<string> names) => [.. names.Order(StringComparer.Ordinal)];

    private void Index(string product, string category)
    {
        if (!_byCategory.TryGetValue(category, out var indexed))
        {
            _byCategory[category] = indexed = [];
        }

        indexed.Add(product);
    }

    private void Unindex(string product)
    {
        if (products.State.CategoryOf.TryGetValue(product, out var category) && _byCategory.TryGetValue(category, out var indexed))
        {
            indexed.Remove(product);
        }
    }
}
