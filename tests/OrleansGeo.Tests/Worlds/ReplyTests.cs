using OrleansGeo.Runtime.Routing;

namespace OrleansGeo.Tests.Worlds;

public sealed class ReplyTests
{
    /// <summary>Orleans writes a message that it cannot deliver into its log. A reply that described itself by itself once ended the process.</summary>
    [Fact]
    public void A_reply_can_be_described()
    {
        var reply = new GeoReply<int> { Kind = ReplyKind.Answer };
        Assert.Contains("Answer", reply.ToString(), StringComparison.Ordinal);
    }
}
