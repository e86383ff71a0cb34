package io.throughline.activation.delivery;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.TreeMap;

/** The flights of one transaction: one for each moment at which leases of it end. */
final class Flights {
    private final TreeMap<Instant, Flight> flights = new TreeMap<>();

    Leased lease(Row row, Instant until) {
        return flights.computeIfAbsent(until, Flight::new).lease(row);
    }

    void save(Connection connection) throws SQLException {
        for (Flight flight : flights.values()) {
            FlightStore.insert(connection, flight);
        }
    }
}
