using System.Globalization;
using Azure.Data.Tables;

namespace OrleansGeo.Storage.AzureTables.Membership;

/// <summary>The properties of one row of <paramref name="table"/>, all of them text. What is not as it must be is reported with row and property.</summary>
internal readonly struct RowFields(TableEntity row, string table)
{
    /// <summary>null when the property is not there, or empty: both mean that there is nothing.</summary>
    public string? Text(string name)
    {
        if (!row.TryGetValue(name, out var value) || value is null or "")
        {
            return null;
        }

        return value as string ?? throw Malformed($"{name} is a {value.GetType().Name}; every property must be a string.");
    }

    public string Required(string name) => Text(name) ?? throw Malformed($"{name} is missing.");

    /// <summary>0 when the property is not there.</summary>
    public int Number(string name) => Text(name) is { } text ? Number(name, text) : 0;

    public int RequiredNumber(string name) => Number(name, Required(name));

    /// <summary>The earliest time when the property is not there.</summary>
    public DateTime Time(string name) => Text(name) is { } text ? Time(name, text) : default;

    public DateTime Time(string name, string text) =>
        RowTime.TryRead(text, out var time) ? time : throw Malformed($"{name} '{text}' is not a time like '{RowTime.Write(DateTime.UnixEpoch)}'.");

    public MembershipTableException Malformed(string problem) => MembershipTableException.Malformed(table, row.PartitionKey, row.RowKey, problem);

    private int Number(string name, string text) =>
        int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : throw Malformed($"{name} '{text}' is not a number.");
}
