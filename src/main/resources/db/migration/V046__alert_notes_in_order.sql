-- When what was noted last was evaluated, of which a channel took the notice: notes may come in any order.
ALTER TABLE alerts ADD COLUMN noted_at timestamptz;
