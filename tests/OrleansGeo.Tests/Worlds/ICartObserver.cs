namespace OrleansGeo.Tests.Worlds;

[Alias("test.cartobserver")]
public interface ICartObserver : IGrainObserver
{
    [Alias("changed")]
    Task Changed(string sku);
}
