using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Tests.Protocol;

public sealed class RequestIdTests
{
    [Fact]
    public void Ids_that_are_derived_for_different_uses_never_meet()
    {
        var named = RequestId.FromKey("order-1");
        var ids = new HashSet<RequestId> { named };
        for (var i = 0; i < 100; i++)
        {
            Assert.True(ids.Add(named.Further(i)));
            Assert.True(ids.Add(named.Nested((UInt128)i, 0)));
            Assert.True(ids.Add(named.Nested(0, i + 1)));
            Assert.True(ids.Add(named.At($"cart/{i}")));
            Assert.True(ids.Add(named.At($"cart/{i}").Nested(0, 0)));
            var drawn = named.Draw(i);
            Assert.True(ids.Add(new((ulong)(drawn >> 64), (ulong)drawn | 1)));
        }
    }

    [Fact]
    public void A_repeat_derives_the_same_ids()
    {
        Assert.Equal(RequestId.FromKey("a").At("cart/1").Nested(7, 3), RequestId.FromKey("a").At("cart/1").Nested(7, 3));
        Assert.Equal(RequestId.FromKey("a").Draw(1), RequestId.FromKey("a").Draw(1));
    }
}
