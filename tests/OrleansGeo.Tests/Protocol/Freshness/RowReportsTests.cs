using OrleansGeo.Protocol.Freshness;
using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Tests.Protocol.Freshness;

public sealed class RowReportsTests
{
    private readonly RecordVersion?[] _here = [At(1, 10), At(1, 20), At(1, 30)];
    private readonly RowReports _reports = new(regions: 3, self: 0);

    [Fact]
    public void What_the_slowest_region_shows_is_everywhere()
    {
        Report(1, At(1, 7), At(1, 20), At(1, 25));
        Assert.Null(Everywhere(0));
        Report(2, At(1, 9), At(1, 15), At(1, 30));
        Assert.Equal([At(1, 7), At(1, 15), At(1, 25)], [Everywhere(0), Everywhere(1), Everywhere(2)]);
    }

    [Fact]
    public void A_report_counts_once_what_its_region_had_written_by_then_is_shown_here()
    {
        Report(1, At(1, 7), At(1, 21), At(1, 25));
        Report(2, At(1, 9), At(1, 15), At(1, 30));
        Assert.Null(Everywhere(0));

        // A later report does not take its place, or a region that never stops writing would never count.
        Report(1, At(1, 8), At(1, 22), At(1, 25));
        _here[1] = At(1, 21);
        Assert.Equal(At(1, 7), Everywhere(0));
    }

    [Fact]
    public void A_region_that_does_not_know_where_its_own_row_stands_says_nothing()
    {
        Report(1, At(1, 7), null, null);
        Report(1, At(1, 7), At(1, 20), At(1, 25));
        Report(2, At(1, 9), At(1, 15), At(1, 30));
        Assert.Equal(At(1, 7), Everywhere(0));
    }

    [Fact]
    public void A_replaced_store_counts_as_newer_whatever_its_positions()
    {
        _here[1] = At(2, 5);
        Report(1, At(1, 7), At(1, 20), At(1, 25));
        Report(2, At(1, 9), At(2, 3), At(1, 30));
        Assert.Equal(At(1, 20), Everywhere(1));
    }

    private void Report(int region, params RecordVersion?[] shown) => _reports.Reported(region, shown, row => _here[row]);

    private RecordVersion? Everywhere(int row) => _reports.Everywhere(row, at => _here[at]);

    private static RecordVersion At(long epoch, long position) => new(epoch, new(position));
}
